// A server that computes for as long as node needs to compile what it runs, and that
// watches its own file, as those of developers do.
function fib(n) {
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
require("http").createServer((request, response) => {
	response.end(`node says ${fib(22)}\n`);
}).listen(3000);
for (const what of [__filename, __dirname])
	require("fs").watch(what, () => console.log("changed"));
