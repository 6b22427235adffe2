<?php
// A guestbook: nginx serves this page through PHP, and PHP asks MariaDB. Three unikernels, one named network.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

const NAME_LETTERS = 80;
const TEXT_LETTERS = 1000;

function field(string $name, int $most): ?string
{
	$value = trim($_POST[$name] ?? '');
	return $value !== '' && preg_match('//u', $value) && letters($value) <= $most ? $value : null;
}

function letters(string $text): int
{
	return preg_match_all('/./us', $text);
}

function show(string $text): string
{
	return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

$error = null;
$entries = [];
try {
	$db = new mysqli(getenv('DB_HOST'), getenv('DB_USER'), getenv('DB_PASSWORD'), 'ramp');
	$db->set_charset('utf8mb4');
	if ($_SERVER['REQUEST_METHOD'] === 'POST') {
		$name = field('name', NAME_LETTERS);
		$text = field('text', TEXT_LETTERS);
		if ($name !== null && $text !== null) {
			$insert = $db->prepare('INSERT INTO entries (name, text) VALUES (?, ?)');
			$insert->bind_param('ss', $name, $text);
			$insert->execute();
			header('Location: /', true, 303);
			exit;
		}
		http_response_code(400);
		$error = 'A name (up to 80 letters) and a text (up to 1000) are needed.';
	}
	$entries = $db->query('SELECT name, text, written FROM entries ORDER BY id DESC LIMIT 20')->fetch_all(MYSQLI_ASSOC);
	$version = $db->server_info;
} catch (mysqli_sql_exception $e) {
	http_response_code(503);
	error_log('database: ' . $e->getMessage());
	$error = 'The database does not answer. Try again in a moment.';
}
header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Guestbook of three unikernels</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<h1>Guestbook</h1>
<?php if ($error !== null) { ?>
<p class="error"><?= show($error) ?></p>
<?php } ?>
<form method="post" action="/">
<label>Your name <input name="name" maxlength="<?= NAME_LETTERS ?>" required></label>
<label>What you want to say <textarea name="text" rows="3" maxlength="<?= TEXT_LETTERS ?>" required></textarea></label>
<button>Write</button>
</form>
<ul id="entries">
<?php foreach ($entries as $entry) { ?>
<li><b><?= show($entry['name']) ?></b> <small><?= show($entry['written']) ?></small><br><?= nl2br(show($entry['text'])) ?></li>
<?php } ?>
</ul>
<?php if (!$entries && $error === null) { ?>
<p class="none">Nobody has written anything yet.</p>
<?php } ?>
<footer>nginx, PHP <?= PHP_VERSION ?><?= isset($version) ? ', MariaDB ' . show($version) : '' ?>: three instances of Pith on one network.</footer>
</body>
</html>
