// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tidemill/http/client.h"

namespace tidemill::http {
namespace {

// A server on 127.0.0.1 whose certificate nobody has signed but itself. Counts the requests that reach it.
class UntrustedServer {
 public:
  UntrustedServer() {
    Certify();
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
  UntrustedServer(const UntrustedServer&) = delete;
  UntrustedServer& operator=(const UntrustedServer&) = delete;
  ~UntrustedServer() {
    Stop();
    ::close(listener_);
    SSL_CTX_free(context_);
  }

  int port() const { return port_; }
  // Ends the service; how often somebody trusted it enough to send something.
  int Stop() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return requests_;
  }

 private:
  void Certify() {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    EXPECT_EQ(SSL_CTX_use_certificate(context_, certificate), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  void Serve() {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) {
      SSL* ssl = SSL_new(context_);
      SSL_set_fd(ssl, fd);
      char byte = 0;
      if (SSL_accept(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1) ++requests_;
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

TEST(ClientTls, SendsNothingToAServerThatIsNotTrusted) {
  UntrustedServer server;
  const auto client = MakeHttpClient("tidemill-test");
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/?token=t";
  for (int i = 0; i < 2; ++i) {
    const auto response = client->Send({.url = url}, {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, base::ErrorCode::kUnavailable);
    EXPECT_THAT(response.error().message, ::testing::StartsWith("the certificate of '127.0.0.1' is not trusted: "));
  }
  EXPECT_EQ(server.Stop(), 0);
}

}  // namespace
}  // namespace tidemill::http
