-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks the paths of a file in turn. Arguments: FILE [MEAN_DELAY_MS]; with a delay each connection waits a random time
-- from 0 to twice that before each request, so the rate is set from outside.
local requests, at, mean = {}, 0, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  mean = tonumber(args[2] or "0")
  if mean == 0 then delay = nil end
end

function delay()
  return math.random(0, 2 * mean)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format('RESULT {"requests": %d, "seconds": %.6f, "p50": %d, "p99": %d, "errors": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
