// A std::thread a connection; /throw unwinds through it, /abort ends the program.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static std::string body(const std::string &request)
{
	if (request.rfind("GET /throw", 0) == 0)
		throw std::runtime_error("asked to throw");
	if (request.rfind("GET /abort", 0) == 0)
		std::abort();
	if (request.rfind("GET /file", 0) == 0)
		return std::ifstream("/none") ? "there\n" : "no file\n";
	return "c++\n";
}

static void serve(int fd)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		std::string text;
		try {
			text = body(std::string(buffer, n));
		} catch (const std::exception &e) {
			text = std::string(e.what()) + "\n";
		}
		text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
		if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0)
			break;
	}
	close(fd);
}

int main()
{
	int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	sockaddr_in a{};

	a.sin_family = AF_INET;
	a.sin_port = htons(80);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s, reinterpret_cast<sockaddr *>(&a), sizeof(a)) || listen(s, 256)) {
		perror("listen");
		return 1;
	}
	std::cout << "listening" << std::endl;
	for (;;) {
		int c = accept(s, nullptr, nullptr);
		if (c >= 0)
			std::thread(serve, c).detach();
	}
}
