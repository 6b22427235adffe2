// com.sun.net.httpserver with a pool of threads. /npe catches null pointers by the thousand, which the JIT makes SIGSEGVs of.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

public class Http {
    static void answer(HttpExchange x, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes();
        x.sendResponseHeaders(status, body.length);
        x.getResponseBody().write(body);
        x.close();
    }

    static int length(String s) { return s.length(); }

    static String nulls() {
        int caught = 0;
        String[] some = {null, "a", "b", "c"};
        for (int i = 0; i < 200000; i++) {
            try {
                length(some[i % 50000 == 0 ? 0 : 1 + i % 3]);
            } catch (NullPointerException e) {
                caught++;
            }
        }
        return caught + " null pointers";
    }

    static String memory() {
        byte[][] kept = new byte[64][];
        for (int i = 0; i < 3000; i++)
            kept[i % 64] = new byte[1 << 18];
        return "collected";
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(80), 128);
        server.createContext("/", x -> answer(x, 200, "java " + Thread.currentThread().getName().startsWith("pool")));
        server.createContext("/npe", x -> answer(x, 200, nulls()));
        server.createContext("/gc", x -> answer(x, 200, memory()));
        server.createContext("/none", x -> answer(x, 404, "none"));
        server.createContext("/exit", x -> System.exit(7));
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
        System.out.println("listening");
    }
}
