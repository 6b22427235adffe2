// An HTTP server; /worker computes in a thread of its own, /fail throws, /file reads what is not there.
const http = require('http'), fs = require('fs');
const { Worker, isMainThread, parentPort } = require('worker_threads');

if (isMainThread) {
  http.createServer((request, response) => {
    if (request.url === '/worker') {
      new Worker(__filename).on('message', (m) => response.end(`${m}\n`));
    } else if (request.url === '/file') {
      fs.readFile('/none', (error) => { response.statusCode = 500; response.end(error.code + '\n'); });
    } else if (request.url === '/fail') {
      throw new Error('asked to fail');
    } else if (request.method === 'POST') {
      let n = 0;
      request.on('data', (part) => { n += part.length; }).on('end', () => response.end(`${n} bytes\n`));
    } else {
      response.end('node\n');
    }
  }).listen(80, () => console.log('listening'));
} else {
  let sum = 0;
  for (let i = 0; i < 1e7; i++) sum += i;
  parentPort.postMessage(sum);
}
