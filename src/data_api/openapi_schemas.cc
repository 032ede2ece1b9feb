// SPDX-License-Identifier: Apache-2.0
#include "openapi_schemas.h"

namespace tidemill::data_api {

const std::string_view kTags =
    R"([{"name":"area and year","description":"One area's figures in one year, by the last business day of each month."},)"
    R"({"name":"datasets","description":"What is served: columns, periods, versions, licences."},)"
    R"({"name":"data","description":"Rows, codes, series and single figures of a dataset."},)"
    R"({"name":"versions","description":"Versions of a dataset and what they changed."},)"
    R"({"name":"other clients","description":"What clients of other services ask for: SDMX, FRED."},)"
    R"({"name":"files","description":"The Parquet files themselves, for programs that read ranges."},)"
    R"({"name":"operations","description":"The service itself."}])";

const std::string_view kValidationError =
    R"({"description":"The year is no integer","content":{"application/json":{"schema":)"
    R"({"$ref":"#/components/schemas/ValidationError"}}}})";

const std::string_view kAreaParameter =
    R"([{"name":"code","in":"path","required":true,"description":"A GSS code",
"schema":{"type":"string","minLength":1},"example":"E08000007"}])";

const std::string_view kProblemParameter =
    R"([{"name":"type","in":"path","required":true,"description":"The last part of a problem's type","schema":)"
    R"({"type":"string"},"example":"unknown-parameter"}])";

const std::string_view kFileParameter =
    R"({"name":"file","in":"path","required":true,"description":"sha256-….parquet, latest.parquet, or a version's number with .parquet",)"
    R"("schema":{"type":"string"},"example":"latest.parquet"},{"name":"Range","in":"header","description":"bytes=a-b, bytes=a- or bytes=-n",)"
    R"("schema":{"type":"string"}})";

const std::array<std::pair<std::string_view, std::string_view>, 6> kFileResponses = {{
    {"200", R"({"description":"The whole file","content":{"application/vnd.apache.parquet":{}}})"},
    {"206", R"({"description":"The range","content":{"application/vnd.apache.parquet":{}}})"},
    {"302",
     R"({"description":"Where the file of the version is","headers":{"Location":{"schema":{"type":"string"}}}})"},
    {"304", R"({"$ref":"#/components/responses/NotModified"})"},
    {"410", R"({"$ref":"#/components/responses/Gone"})"},
    {"416", R"({"$ref":"#/components/responses/RangeNotSatisfiable"})"},
}};

const std::string_view kFeedParameters =
    R"([{"name":"dataset","in":"query","description":"Only this one","schema":{"type":"string","minLength":1}},)"
    R"({"$ref":"#/components/parameters/cursor"}])";

const std::string_view kEventParameters =
    R"([{"name":"dataset","in":"query","description":"Only this one","schema":{"type":"string","minLength":1}},)"
    R"({"name":"Last-Event-ID","in":"header","description":"The id of the last event that the client has had",)"
    R"("schema":{"type":"string"}}])";

const std::string_view kMoved =
    R"({"description":"Where the version is","headers":{"Location":{"schema":{"type":"string"}}}})";

const std::string_view kDataResponse =
    R"({"description":"The rows","headers":{"ETag":{"schema":{"type":"string"}},"Tidemill-Vintage":{"schema":{"type":"string"}},)"
    R"("Content-Location":{"schema":{"type":"string"}}},"content":{"application/json":{"schema":{"type":["object","array"]}},)"
    R"("text/csv":{"schema":{"type":"string"}},"application/x-ndjson":{"schema":{"type":"string"}},)"
    R"("application/vnd.apache.parquet":{},"application/vnd.apache.arrow.file":{},"application/vnd.apache.arrow.stream":{},)"
    R"("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":{}}})";

const std::string_view kComponents = R"doc({
"schemas":{
 "AreaYear":{"type":"object","required":["year","geo_code","data"],"additionalProperties":false,"properties":{"year":{"type":"integer"},
  "geo_code":{"type":"string"},"data":{"type":"object","description":"By date, in time order; empty for an area or year that is not there",
  "additionalProperties":{"type":["number","null"]}}},"example":{"year":2019,"geo_code":"E08000007",
  "data":{"2019-01-31":267.0,"2019-02-28":248.0}}},
 "ValidationError":{"type":"object","required":["detail"],"properties":{"detail":{"type":"array","items":{"type":"object",
  "required":["loc","msg","type"],"properties":{"loc":{"type":"array","items":{"type":["string",
  "integer"]}},"msg":{"type":"string"},"type":{"type":"string"}}}}}},
 "Detail":{"type":"object","required":["detail"],"properties":{"detail":{"type":"string"}}},
 "Measure":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"title":{"type":"string"},
  "unit":{"type":"string"}}},
 "Period":{"type":"object","required":["freq","first","last"],"properties":{"freq":{"type":"string","enum":["A",
  "F","Q","M","W","D"]},"first":{"type":"string"},"last":{"type":"string"}}},
 "Summary":{"type":"object","required":["id","vintage","rows","series","measures","links"],"properties":{"id":{"type":"string",
  "pattern":"^[a-z][a-z0-9_]{0,62}$"},"title":{"type":"string"},"description":{"type":"string"},
  "publisher":{"type":"string"},"licence":{"type":"string"},"vintage":{"type":"integer","minimum":0},
  "released":{"type":"string"},"recorded":{"type":"string","format":"date-time"},"next_release":{"type":"string"},
  "rows":{"type":"integer","minimum":0},"series":{"type":"integer","minimum":0},"period":{"$ref":"#/components/schemas/Period"},
  "measures":{"type":"array","items":{"$ref":"#/components/schemas/Measure"}},"links":{"type":"object",
  "required":["self"],"additionalProperties":{"type":"string"}}}},
 "Datasets":{"type":"object","required":["datasets"],"properties":{"datasets":{"type":"array","items":{"$ref":"#/components/schemas/Summary"}}}},
 "Column":{"type":"object","required":["name","role","type"],"properties":{"name":{"type":"string"},"role":{"type":"string",
  "enum":["dimension","time","measure","status","label","parent","attribute","lineage"]},"of":{"type":"string"},
  "type":{"type":"string","enum":["string","integer","number","boolean","date","datetime","period",
  "other"]},"title":{"type":"string"},"unit":{"type":"string"},"codes":{"type":"string"},"additive":{"type":"boolean"},
  "source_name":{"type":"string"},"nulls":{"type":"integer"},"distinct":{"type":"integer"},"min":{"type":["number",
  "string"]},"max":{"type":["number","string"]}}},
 "Dataset":{"allOf":[{"$ref":"#/components/schemas/Summary"},{"type":"object","required":["columns","statuses",
  "citation"],"properties":{"columns":{"type":"array","items":{"$ref":"#/components/schemas/Column"}},
  "quality":{"type":"string"},"latest_changes":{"type":"object","properties":{"added":{"type":"integer"},
  "revised":{"type":"integer"},"removed":{"type":"integer"}}},"usage_notes":{"type":"string"},
  "statuses":{"type":"array","items":{"type":"object","required":["code"],"properties":{"code":{"type":"string"},
  "meaning":{"type":"string"},"sdmx":{"type":"string"}}}},"citation":{"type":"string"},"contact":{"type":"string"},
  "source_page":{"type":"string"},"distributions":{"type":"array","items":{"$ref":"#/components/schemas/File"}}}}]},
 "Geography":{"type":"object","required":["code","type","datasets"],"properties":{"code":{"type":"string"},
  "type":{"type":"string"},"name":{"type":"string"},"status":{"type":"string","enum":["live","ended"]},
  "start":{"type":"string","format":"date"},"end":{"type":"string","format":"date"},"successors":{"type":"array",
  "items":{"type":"string"}},"parents":{"type":"array","items":{"type":"object","required":["code","type"]}},
  "states":{"type":"array","items":{"type":"object","required":["name","start"]}},"datasets":{"type":"array",
  "items":{"type":"object","required":["id","dimension","data"]}}}},
 "Object":{"type":"object"},
 "File":{"type":"object","required":["url","sha256","bytes"],"properties":{"url":{"type":"string"},"sha256":{"type":"string",
  "pattern":"^[0-9a-f]{64}$"},"bytes":{"type":"integer"},"format":{"type":"string"},"rows":{"type":"integer"},
  "vintages":{"type":"array","items":{"type":"integer"}},"current":{"type":"boolean"}}},
 "Files":{"type":"object","required":["files"],"properties":{"files":{"type":"array","items":{"$ref":"#/components/schemas/File"}}}},
 "Package":{"type":"object","required":["name","version","resources"],"properties":{"name":{"type":"string"},
  "version":{"type":"string"},"resources":{"type":"array","items":{"type":"object"}}}},
 "Catalog":{"type":"object","required":["@context","@id","@type","dcat:dataset"],"properties":{"@id":{"type":"string"},
  "@type":{"type":"string"},"dcat:dataset":{"type":"array","items":{"type":"object"}}}},
 "Health":{"type":"object","required":["status"],"properties":{"status":{"type":"string","const":"ok"}}},
 "Readiness":{"type":"object","required":["status","datasets"],"properties":{"status":{"type":"string","enum":["ready",
  "loading"]},"datasets":{"type":"object","additionalProperties":{"type":"integer"}},"missing":{"type":"object",
  "additionalProperties":{"type":"string"}},"stale":{"type":"object","additionalProperties":{"type":"string"}}}},
 "Version":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"version":{"type":"string"},
  "commit":{"type":"string"},"compiler":{"type":"string"}}},
 "OpenApi":{"type":"object","required":["openapi","info","paths"],"properties":{"openapi":{"type":"string"},
  "info":{"type":"object"},"paths":{"type":"object"}}},
 "Problem":{"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},
  "title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"instance":{"type":"string"},
  "parameter":{"type":"string"},"value":{"type":"string"},"offset":{"type":"integer"},"nearest":{"type":"array",
  "items":{"type":"string"}},"valid":{"type":["string","array"]}}}
},
"parameters":{
 "select":{"name":"select","in":"query","description":"Columns of the answer, in that order","schema":{"type":"string","minLength":1}},
 "sort":{"name":"sort","in":"query","description":"Columns to sort by; a minus in front turns one round","schema":{"type":"string","minLength":1}},
 "limit":{"name":"limit","in":"query","description":"At most so many rows; without it all","schema":{"type":"integer","minimum":0,"maximum":2147483647},"example":10},
 "cursor":{"name":"cursor","in":"query","description":"What the page before gave as next","schema":{"type":"string","minLength":1}},
 "group":{"name":"group","in":"query","description":"A row for each combination of these columns","schema":{"type":"string","minLength":1}},
 "agg":{"name":"agg","in":"query","description":"count() count(c) sum(c) mean(c) min(c) max(c) first(c) last(c)","schema":{"type":"string","minLength":1}},
 "partial":{"name":"partial","in":"query","description":"Aggregate over missing cells","schema":{"type":"string","enum":["allow"]}},
 "mixed":{"name":"mixed","in":"query","description":"Sum over areas of several levels","schema":{"type":"string","enum":["allow"]}},
 "last":{"name":"last","in":"query","description":"The newest so many periods of a series","schema":{"type":"integer","minimum":1,"maximum":2147483647}},
 "labels":{"name":"labels","in":"query","description":"Names beside codes, without, or in their place","schema":{"type":"string","enum":["both","code","name"]}},
 "shape":{"name":"shape","in":"query","description":"Of JSON; wide, of any format: a row a period, a column a series","schema":{"type":"string","enum":["objects","arrays","columns","bare","wide"]}},
 "vintage":{"name":"vintage","in":"query","description":"That version, not the newest","schema":{"type":"integer","minimum":0}},
 "as_of":{"name":"as_of","in":"query","description":"The version that was public on that day","schema":{"type":"string","format":"date"}},
 "as_of_by":{"name":"as_of_by","in":"query","description":"By which of a version's times","schema":{"type":"string","enum":["released","recorded"]}},
 "measure":{"name":"measure","in":"query","description":"Which measure, where there are several; else the first","schema":{"type":"string","minLength":1}},
 "q":{"name":"q","in":"query","description":"Words in codes and labels","schema":{"type":"string","minLength":1}},
 "code_order":{"name":"sort","in":"query","description":"Order of the codes","schema":{"type":"string","enum":["code","label","-count"]}},
 "against":{"name":"against","in":"query","description":"The other version: previous, a number or a date","schema":{"type":"string","minLength":1},"example":"previous"},
 "change":{"name":"change","in":"query","description":"Only these","style":"form","explode":false,"schema":{"type":"array","minItems":1,"items":{"type":"string","enum":["added","revised","removed"]}}},
 "vintages":{"name":"vintages","in":"query","description":"Every value with the span in which it was the published one","schema":{"type":"string","enum":["all"]}},
 "transform":{"name":"transform","in":"query","description":"Columns that compare each value with others of its series","style":"form","explode":false,"schema":{"type":"array","minItems":1,
  "items":{"type":"string","enum":["yoy","yoy_pct","pop","pop_pct","ytd","roll12","mean5y","vs_mean5y"]}},"example":["yoy"]}
},
"responses":{
 "NotHonest":{"description":"Can be read, but not answered honestly","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "NotModified":{"description":"The client's copy is still good (If-None-Match, If-Modified-Since)"},
 "Malformed":{"description":"The request cannot be read, or has a parameter that the route does not know",
  "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}},"text/xml":{"schema":{"type":"string"}}}},
 "NotFound":{"description":"No such thing","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}},
  "application/json":{"schema":{"$ref":"#/components/schemas/Detail"}}}},
 "MethodNotAllowed":{"description":"Only GET, HEAD and OPTIONS","headers":{"Allow":{"schema":{"type":"string"}}},
  "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}},"application/json":{"schema":{"$ref":"#/components/schemas/Detail"}}}},
 "NotAcceptable":{"description":"Accept or Accept-Encoding takes nothing that the route has","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "Gone":{"description":"The file is there no more","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "RangeNotSatisfiable":{"description":"The range begins behind the end","headers":{"Content-Range":{"schema":{"type":"string"}}},
  "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "TimeOut":{"description":"The request's head or the answer took too long","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "RequestBody":{"description":"No route takes a body","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "UriTooLong":{"description":"The request line is over 16 KiB","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "HeaderTooLarge":{"description":"The header fields are over 16 KiB or over 100","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "Internal":{"description":"A fault of the program","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "NotImplemented":{"description":"A transfer coding that is not chunked","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},
 "Unavailable":{"description":"Too much waits, or not all is loaded","headers":{"Retry-After":{"schema":{"type":"string"}}},
  "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}},"application/json":{"schema":{"$ref":"#/components/schemas/Readiness"}}}},
 "UnsupportedVersion":{"description":"Not HTTP/1.x","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}
}
})doc";

}  // namespace tidemill::data_api
