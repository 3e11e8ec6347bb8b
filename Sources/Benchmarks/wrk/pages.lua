-- Asks for one page after another, whose addresses stand in the file PATHS, as a browser with the cookie COOKIE does.
local paths = {}

function init()
    for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
    wrk.headers["Cookie"] = os.getenv("COOKIE")
end

local asked = 0

function request()
    asked = asked + 1
    return wrk.format("GET", paths[asked % #paths + 1])
end

-- A page that is none would make the figures a lie.
function response(status, headers, body)
    if status ~= 200 or not string.find(body, os.getenv("HOLDING"), 1, true) then
        io.stderr:write("answered " .. status .. ": " .. body .. "\n")
        os.exit(1)
    end
end

function done(summary, latency, requests)
    local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    io.write(string.format("figures %.1f %.3f %.3f %d\n", summary.requests / summary.duration * 1e6,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
