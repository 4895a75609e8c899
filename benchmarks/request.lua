-- wrk sends one request over and over: wrk -s request.lua URL -- METHOD [BODY]
function init(args)
  wrk.method = args[1]
  wrk.body = args[2]
  if wrk.body then
    wrk.headers["Content-Type"] = "application/json"
  end
end
