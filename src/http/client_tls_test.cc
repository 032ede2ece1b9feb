// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tidemill/http/client.h"

namespace tidemill::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A key with its certificate, signed by itself or by another.
class Identity {
 public:
  // `extension` is what OpenSSL calls it ("CA:TRUE", "IP:127.0.0.1"). Good for an hour, or over since a minute.
  Identity(const char* name, int extension, const char* value, const Identity* issuer, bool over = false) {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), issuer == nullptr ? 1 : 2);
    X509_set_version(certificate_, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), over ? -60 : 3600);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* subject = X509_get_subject_name(certificate_);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    const Identity& signer = issuer == nullptr ? *this : *issuer;
    X509_set_issuer_name(certificate_, X509_get_subject_name(signer.certificate_));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer.certificate_, certificate_, nullptr, nullptr, 0);
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, extension, value);
    X509_add_ext(certificate_, made, -1);
    X509_EXTENSION_free(made);
    X509_sign(certificate_, signer.key_, EVP_sha256());
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
  ~Identity() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  X509* certificate() const { return certificate_; }
  EVP_PKEY* key() const { return key_; }

 private:
  EVP_PKEY* key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* certificate_ = X509_new();
};

// A server on 127.0.0.1 that answers every request with "over TLS". Counts the requests that reach it.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity) {
    EXPECT_EQ(SSL_CTX_use_certificate(context_, identity.certificate()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_, identity.key()), 1);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { Serve(); });
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    Stop();
    ::close(listener_);
    SSL_CTX_free(context_);
  }

  std::string Url(const std::string& path) const { return "https://127.0.0.1:" + std::to_string(port_) + path; }
  // Ends the service; how often somebody trusted it enough to send something.
  int Stop() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return requests_;
  }

 private:
  void Serve() {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) {
      SSL* ssl = SSL_new(context_);
      SSL_set_fd(ssl, fd);
      char buffer[4096];
      if (SSL_accept(ssl) == 1 && SSL_read(ssl, buffer, sizeof(buffer)) > 0) {
        ++requests_;
        constexpr std::string_view kAnswer =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\nover TLS";
        SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
        SSL_shutdown(ssl);
      }
      SSL_free(ssl);
      ::close(fd);
    }
  }

  SSL_CTX* context_ = SSL_CTX_new(TLS_server_method());
  int listener_ = -1;
  int port_ = 0;
  int requests_ = 0;
  std::jthread thread_;
};

// An authority of the tests' own; while it lives SSL_CERT_FILE names it as the one to be trusted.
class ClientTls : public ::testing::Test {
 protected:
  ClientTls() {
    file_ = std::filesystem::temp_directory_path() / ("tidemill-ca-" + std::to_string(::getpid()) + ".pem");
    std::FILE* file = std::fopen(file_.c_str(), "w");
    EXPECT_NE(file, nullptr);
    EXPECT_EQ(PEM_write_X509(file, authority_.certificate()), 1);
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", file_.c_str(), 1);
  }
  ~ClientTls() override {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(file_);
  }
  static base::Result<ClientResponse> Get(const std::string& url) {
    return MakeHttpClient("tidemill-test")->Send({.url = url}, {});
  }

  Identity authority_{"Authority of a test", NID_basic_constraints, "critical,CA:TRUE", nullptr};
  std::filesystem::path file_;
};

TEST_F(ClientTls, FetchesFromAServerThatIsTrusted) {
  const Identity identity("office", NID_subject_alt_name, "IP:127.0.0.1", &authority_);
  TlsServer server(identity);
  const auto response = Get(server.Url("/a?b=1"));
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "over TLS");
  EXPECT_EQ(response->url, server.Url("/a?b=1"));
  EXPECT_EQ(server.Stop(), 1);
}

TEST_F(ClientTls, SendsNothingToAServerWithAnotherName) {
  const Identity identity("office", NID_subject_alt_name, "IP:127.0.0.2", &authority_);
  TlsServer server(identity);
  const auto response = Get(server.Url("/?token=t"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
  EXPECT_THAT(response.error().message, StartsWith("the certificate of '127.0.0.1' is not trusted: "));
  EXPECT_EQ(server.Stop(), 0);
}

TEST_F(ClientTls, SendsNothingWhereACertificateIsOver) {
  const Identity identity("office", NID_subject_alt_name, "IP:127.0.0.1", &authority_, /*over=*/true);
  TlsServer server(identity);
  const auto response = Get(server.Url("/"));
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("expired"));
  EXPECT_EQ(server.Stop(), 0);
}

TEST(ClientTlsByDefault, SendsNothingToAServerThatIsNotTrusted) {
  const Identity identity("127.0.0.1", NID_subject_alt_name, "IP:127.0.0.1", nullptr);
  TlsServer server(identity);
  const auto client = MakeHttpClient("tidemill-test");
  for (int i = 0; i < 2; ++i) {
    const auto response = client->Send({.url = server.Url("/?token=t")}, {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
    EXPECT_THAT(response.error().message, StartsWith("the certificate of '127.0.0.1' is not trusted: "));
  }
  EXPECT_EQ(server.Stop(), 0);
}

}  // namespace
}  // namespace tidemill::http
