// SPDX-License-Identifier: Apache-2.0
#include "problem_page.h"

#include <fmt/format.h>

namespace tidemill::data_api {
namespace {

// Text between backticks is code; what HTML reserves is escaped.
std::string Paragraph(std::string_view text) {
  std::string html;
  bool code = false;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '`':
        html += code ? "</code>" : "<code>";
        code = !code;
        break;
      default:
        html += c;
    }
  }
  return html;
}

constexpr std::string_view kPage = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Tidemill</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
<header>
<h1>{title}</h1>
<p class="lead">{text}</p>
<nav aria-label="Pages">
<a href="/docs">API documentation</a>
<a href="/explore">Explore the data</a>
<a href="/v1/datasets">Datasets (JSON)</a>
</nav>
</header>
<main>
<p>This page explains the error type <code>/problems/{name}</code>, which comes with the status {status}. The answer that led
here says in <code>detail</code> which value is meant, where it stands and what was expected.</p>
<h2 id="all">All types of errors</h2>
<ul aria-labelledby="all">
{links}</ul>
</main>
</body>
</html>
)";

}  // namespace

std::string ToText(const ProblemType& type) {
  return fmt::format("{} ({})\n\n{}\n", type.title, type.status, type.text);
}

std::string ToHtml(const ProblemType& type) {
  std::string links;
  for (const ProblemType& other : ProblemTypes()) {
    links += fmt::format("<li><a href=\"/problems/{0}\">{0}</a> ({1})</li>\n", other.name, other.status);
  }
  return fmt::format(kPage, fmt::arg("title", type.title), fmt::arg("text", Paragraph(type.text)),
                     fmt::arg("name", type.name), fmt::arg("status", type.status), fmt::arg("links", links));
}

}  // namespace tidemill::data_api
