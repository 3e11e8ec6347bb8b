-- Asks for one person after another by phone, as `LookupTown` numbers them: all over the register, never twice the same.
local people = tonumber(os.getenv("PEOPLE"))
local token = os.getenv("TOKEN")
local threads = 0
local counter = 0

function setup(thread)
    thread:set("offset", threads)
    threads = threads + 1
end

function init()
    counter = offset * 500000
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. token
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    counter = counter + 1
    local who = (counter * 7919) % people
    return wrk.format(nil, "/api/v1/lookups", nil, string.format('{"phone":"010%d"}', 20000000 + who))
end

-- An empty answer would make the figures a lie.
function response(status, headers, body)
    if status ~= 200 or not string.find(body, '"person"', 1, true) then
        io.stderr:write("answered " .. status .. ": " .. body .. "\n")
        os.exit(1)
    end
end
