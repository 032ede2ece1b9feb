// SPDX-License-Identifier: Apache-2.0
#include "tidemill/app/app.h"

int main(int argc, char** argv) { return tidemill::app::Main(argc, argv); }
