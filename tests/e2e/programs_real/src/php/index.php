<?php
// A page, and what goes wrong in one.
if (php_sapi_name() === 'cli-server' && $_SERVER['REQUEST_URI'] === '/style.css')
    return false;
switch ($_GET['do'] ?? '') {
case 'fail':
    throw new RuntimeException('asked to fail');
case 'memory':
    ini_set('memory_limit', '16M');
    $all = [];
    for (;;)
        $all[] = str_repeat('x', 1 << 20);
case 'exit':
    http_response_code(503);
    exit('closed');
}
header('Content-Type: application/json');
$kept = tempnam('/tmp', 'php');
file_put_contents($kept, $_POST['text'] ?? 'none');
echo json_encode(['php' => PHP_MAJOR_VERSION, 'text' => strrev(file_get_contents($kept)), 'method' => $_SERVER['REQUEST_METHOD'],
    'year' => (int)date('Y', 86400 * 365), 'sum' => array_sum(range(1, 1000)), 'match' => preg_replace('/(\w+) (\w+)/u', '$2 $1', 'wörld hellö')],
    JSON_UNESCAPED_UNICODE), "\n";
