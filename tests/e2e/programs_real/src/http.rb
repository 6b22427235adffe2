# WEBrick; /fail raises, /threads computes in threads.
require 'webrick'
server = WEBrick::HTTPServer.new(Port: 80, AccessLog: [], Logger: WEBrick::Log.new($stderr))
server.mount_proc('/') { |_, response| response.body = "ruby #{[3, 1, 2].sort}\n" }
server.mount_proc('/fail') { raise 'asked to fail' }
server.mount_proc('/threads') { |_, r| r.body = "#{20.times.map { |n| Thread.new { (1..n * 100).sum } }.sum(&:value)}\n" }
trap('TERM') { server.shutdown }
server.start
