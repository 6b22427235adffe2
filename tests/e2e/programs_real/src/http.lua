-- An HTTP server on lua-socket, one request at a time. /fail is an error that nobody catches.
local socket = require("socket")
local server = assert(socket.bind("*", 80))
print("listening")
io.stdout:flush()
while true do
  local client = server:accept()
  local path = (client:receive() or ""):match("^%u+ (%S+)")
  repeat local line = client:receive() until not line or line == ""
  if path == "/fail" then error("asked to fail") end
  local body = ("lua %s %d\n"):format(path, select(2, ("x"):rep(1000):gsub("x", "")))
  client:send(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"):format(#body, body))
  client:close()
end
