-- wrk sends one request after the other: wrk -s requests.lua URL -- METHOD [BODY]
-- Of the path and the body, $id becomes 1 to 1000 in turn, and $next a number that goes on.
local path, body
local number = 0

function init(args)
  wrk.method = args[1]
  path, body = wrk.path, args[2]
  if body then
    wrk.headers["Content-Type"] = "application/json"
  end
end

function request()
  number = number + 1
  local numbers = { ["$id"] = (number - 1) % 1000 + 1, ["$next"] = number }
  return wrk.format(nil, path:gsub("%$%a+", numbers), nil, body and body:gsub("%$%a+", numbers))
end
