(* A system thread a connection. *)
let answer body = Printf.sprintf "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" (String.length body) body

let starts s p = String.length s >= String.length p && String.sub s 0 (String.length p) = p

let body request =
  if starts request "GET /exit" then exit 7
  else if starts request "GET /file" then
    (try ignore (open_in "/none"); "" with Sys_error e -> e ^ "\n")
  else if starts request "GET /deep" then
    (let rec deep n = 1 + deep (n + 1) in
     try string_of_int (deep 0) with Stack_overflow -> "stack overflow\n")
  else "ocaml\n"

let serve fd =
  let buffer = Bytes.create 4096 in
  let rec loop () =
    match Unix.read fd buffer 0 4096 with
    | 0 -> ()
    | n ->
      let text = answer (body (Bytes.sub_string buffer 0 n)) in
      ignore (Unix.write_substring fd text 0 (String.length text));
      loop ()
  in
  (try loop () with Unix.Unix_error _ -> ());
  Unix.close fd

let () =
  Sys.set_signal Sys.sigpipe Sys.Signal_ignore;
  let s = Unix.socket Unix.PF_INET Unix.SOCK_STREAM 0 in
  Unix.setsockopt s Unix.SO_REUSEADDR true;
  Unix.bind s (Unix.ADDR_INET (Unix.inet_addr_any, 80));
  Unix.listen s 256;
  print_endline "listening";
  while true do
    let c, _ = Unix.accept s in
    ignore (Thread.create serve c)
  done
