<?php
// /db, /cache, /mail, /modules, /file: asks that one, and says what it answered.
require '/var/www/MISP/app/Config/config.php';
mysqli_report(MYSQLI_REPORT_OFF);

function db(array $how): string
{
	$db = @new mysqli(...$how);
	if ($db->connect_error)
		return $db->connect_error;
	return $db->query('SELECT info FROM events')->fetch_row()[0];
}

function cache(string $host): string
{
	$redis = new Redis();
	$redis->connect($host, 6379, 5);
	return 'visit ' . $redis->incr('visits');
}

function send_mail(string $host): string
{
	$s = @fsockopen($host, 25, $code, $text, 10);
	if (!$s)
		return $text;
	$said = fgets($s);
	foreach (['HELO misp', 'MAIL FROM:<misp@misp.example.org>',
		  'RCPT TO:<root@misp.example.org>', 'DATA',
		  "Subject: an event\r\n\r\nan event\r\n.", 'QUIT'] as $line) {
		fwrite($s, "$line\r\n");
		$last = $said;
		$said = fgets($s);
	}
	return $last;
}

try {
	switch ($_SERVER['REQUEST_URI']) {
	case '/db':
		echo db($config['mysql']);
		break;
	case '/cache':
		echo cache($config['redis']);
		break;
	case '/mail':
		echo send_mail($config['smtp']);
		break;
	case '/modules':
		$said = @file_get_contents($config['modules'] . '/modules');
		echo $said === false ? error_get_last()['message'] : $said;
		break;
	case '/file':
		file_put_contents('/var/www/MISP/app/files/upload', 'data');
		echo file_get_contents('/var/www/MISP/app/files/upload');
		break;
	default:
		echo 'a page';
	}
} catch (Exception $e) {
	echo $e->getMessage();
}
