"""http.server with a thread a request; /sub computes in a second program, /fail raises, /exit ends it all."""
import hashlib
import http.server
import json
import os
import sqlite3
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/fail":
            raise RuntimeError("asked to fail")
        if self.path == "/exit":
            os._exit(7)
        status, text = 200, "python\n"
        if self.path == "/work":
            results = []
            threads = [threading.Thread(target=lambda n=n: results.append(sum(range(n * 1000)))) for n in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            db = sqlite3.connect(":memory:")
            text = json.dumps([sum(results), hashlib.sha256(b"x" * 10**6).hexdigest()[:8], db.execute("select 6*7").fetchone()[0]]) + "\n"
        elif self.path != "/":
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[::-1])

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


Server(("", 80), Handler).serve_forever()
