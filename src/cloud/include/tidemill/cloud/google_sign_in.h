// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tidemill/base/result.h"
#include "tidemill/cloud/means.h"

namespace tidemill::cloud {

// A key that somebody named, as the block gcp-credentials does: a file or its JSON text, at most one of them.
struct GoogleKey {
  std::string file = {};
  std::string info = {};
};

// Tokens for Google's APIs (scope cloud-platform), kept until shortly before they end. Thread-safe. What is secret is
// in memory only and in no error message.
class GoogleSignIn {
 public:
  virtual ~GoogleSignIn() = default;
  // kUnauthenticated where Google refuses, kUnavailable where it cannot be reached.
  virtual base::Result<std::string> Token() = 0;
  // The token was refused: the next one is asked for anew.
  virtual void Forget() = 0;
  // The project of the key, of GOOGLE_CLOUD_PROJECT, or of the machine; empty where none is known.
  virtual base::Result<std::string> Project() = 0;
};

// The key that is given; else, in this order, the file that GOOGLE_APPLICATION_CREDENTIALS names, what
// `gcloud auth application-default login` left, the metadata server of the machine (GCE_METADATA_HOST). Key files of
// service accounts and of users are known. Reads files, asks nobody yet.
base::Result<std::unique_ptr<GoogleSignIn>> OpenGoogleSignIn(const Means& means, const GoogleKey& key = {});

}  // namespace tidemill::cloud
