// std::net, a thread a connection. /panic unwinds one thread, /exit ends the program.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn serve(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
        }
        let path = first.split(' ').nth(1).unwrap_or("");
        match path {
            "/panic" => panic!("asked to panic"),
            "/exit" => std::process::exit(7),
            _ => {}
        }
        let body = match path {
            "/file" => format!("{}\n", std::fs::read("/none").unwrap_err()),
            _ => "rust\n".to_string(),
        };
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.len(), body)?;
    }
}

fn main() {
    let listener = TcpListener::bind("0.0.0.0:80").expect("bind");
    println!("listening");
    for stream in listener.incoming() {
        let stream = stream.expect("accept");
        thread::spawn(move || serve(stream));
    }
}
