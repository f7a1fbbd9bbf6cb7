-- What wrk sends: its arguments are the method, the body, and how many clients there are.
-- Prints its counts exactly; wrk itself rounds them.

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("block", threads)
end

function init(arguments)
  wrk.method = arguments[1]
  wrk.body = arguments[2] ~= "" and arguments[2] or nil
  local clients = tonumber(arguments[3])
  if clients == 0 then
    return
  end
  -- Each request comes from the next address, as behind a proxy. They are prepared here.
  local requests = {}
  for number = 0, clients - 1 do
    local address = string.format("10.%d.%d.%d", block, math.floor(number / 250) % 250, number % 250)
    wrk.headers["X-Forwarded-For"] = address
    requests[number] = wrk.format()
  end
  local next_number = -1
  function request()
    next_number = (next_number + 1) % clients
    return requests[next_number]
  end
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    "COUNTS %d %d %d %d %d\n",
    summary.requests, summary.duration, summary.bytes, errors.status, failed
  ))
end
