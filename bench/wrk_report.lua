-- What bench/load.py reads. A redirect is an error here as well: the page that is timed answers 200.
local wrong = {}

function setup(thread)
  table.insert(wrong, thread)
  thread:set("others", 0)
end

function response(status, headers, body)
  if status ~= 200 then others = others + 1 end
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(wrong) do errors = errors + thread:get("others") end
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, errors))
end
