// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <toml++/toml.h>

#include "tidemill/base/new_file.h"
#include "tidemill/base/text.h"
#include "tidemill/prefect/settings.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

std::string FileOf(const Environment& environment) {
  const std::string said = environment("PREFECT_PROFILES_PATH");
  if (!said.empty()) return said;
  const std::string home = environment("PREFECT_HOME");
  if (!home.empty()) return home + "/profiles.toml";
  const std::string user = environment("HOME");
  return (user.empty() ? std::string(".") : user) + "/.prefect/profiles.toml";
}

std::string TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream out;
  node.visit([&](const auto& value) { out << value; });
  return out.str();
}

base::Result<std::string> ReadIfThere(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::string();
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostBytes) {
    return base::FailAt(ErrorCode::kTooLarge, file, "longer than {} bytes", kMostBytes);
  }
  return text;
}

base::Result<toml::table> Parse(const std::string& text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const auto& where = error.source().begin;
    return base::FailAt(ErrorCode::kMalformed, fmt::format("{}:{}:{}", file, where.line, where.column), "{}",
                        std::string(error.description()));
  }
}

}  // namespace

Profile* Profiles::Find(std::string_view name) {
  for (Profile& profile : all) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

Profile& Profiles::ActiveOne() {
  if (Profile* found = Find(active)) return *found;
  return all.emplace_back(Profile{.name = active, .settings = {}});
}

base::Result<Profiles> LoadProfiles(const Environment& environment) {
  Profiles profiles{.file = FileOf(environment), .active = "default", .all = {}};
  TIDEMILL_ASSIGN(const std::string text, ReadIfThere(profiles.file));
  TIDEMILL_ASSIGN(const toml::table table, Parse(text, profiles.file));
  if (const auto active = table["active"].value<std::string>()) profiles.active = *active;
  if (const std::string said = environment("PREFECT_PROFILE"); !said.empty()) profiles.active = said;
  if (const auto* all = table["profiles"].as_table()) {
    for (const auto& [name, node] : *all) {
      Profile profile{.name = std::string(name.str()), .settings = {}};
      if (const auto* settings = node.as_table()) {
        for (const auto& [key, value] : *settings) {
          profile.settings.emplace_back(std::string(key.str()), TextOf(value));
        }
      }
      profiles.all.push_back(std::move(profile));
    }
  }
  return profiles;
}

// Keys stand in it, so nobody else may read it.
base::Status SaveProfiles(const Profiles& profiles) {
  toml::table all;
  for (const Profile& profile : profiles.all) {
    toml::table settings;
    for (const auto& [name, value] : profile.settings) settings.insert_or_assign(name, value);
    all.insert_or_assign(profile.name, std::move(settings));
  }
  toml::table table;
  table.insert_or_assign("active", profiles.active);
  table.insert_or_assign("profiles", std::move(all));
  std::ostringstream out;
  out << table << "\n";
  const std::size_t slash = profiles.file.rfind('/');
  if (slash != std::string::npos && slash > 0) {
    ::mkdir(profiles.file.substr(0, slash).c_str(), S_IRWXU);
  }
  TIDEMILL_ASSIGN(auto file, base::NewFile::OpenNamed(profiles.file));
  TIDEMILL_CHECK(file.Write(out.str()));
  TIDEMILL_CHECK(file.Replace());
  ::chmod(profiles.file.c_str(), S_IRUSR | S_IWUSR);
  return {};
}

}  // namespace tidemill::prefect
