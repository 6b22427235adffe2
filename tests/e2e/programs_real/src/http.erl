% A process for each connection, on gen_tcp. /crash ends one of them; a request for /ports starts a second program.
-module(http).
-export([start/0]).

start() ->
    {ok, L} = gen_tcp:listen(80, [binary, {active, false}, {reuseaddr, true}, {packet, http_bin}, {backlog, 256}]),
    io:format("listening~n"),
    accept(L).

accept(L) ->
    {ok, S} = gen_tcp:accept(L),
    P = spawn(fun() -> receive go -> serve(S, none) end end),
    ok = gen_tcp:controlling_process(S, P),
    P ! go,
    accept(L).

serve(S, Path) ->
    case gen_tcp:recv(S, 0) of
        {ok, {http_request, _, {abs_path, New}, _}} -> serve(S, New);
        {ok, http_eoh} -> answer(S, text(Path)), serve(S, none);
        {ok, _} -> serve(S, Path);
        {error, closed} -> gen_tcp:close(S)
    end.

text(<<"/crash">>) -> error(asked_to_crash);
text(<<"/processes">>) ->
    Me = self(),
    [spawn(fun() -> Me ! N end) || N <- lists:seq(1, 10000)],
    integer_to_list(lists:sum([receive N -> N end || N <- lists:seq(1, 10000)]));
text(_) -> "erlang".

answer(S, Text) ->
    gen_tcp:send(S, ["HTTP/1.1 200 OK\r\nContent-Length: ", integer_to_list(length(Text) + 1), "\r\n\r\n", Text, "\n"]).
