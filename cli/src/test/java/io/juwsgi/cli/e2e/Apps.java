package io.juwsgi.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small applications that tests write into a directory of their own. */
final class Apps {
    /** The interpreter that sees the distribution's Flask and Django. */
    static final String PYTHON = "/usr/bin/python3";

    private Apps() {}

    /** Writes {@code app.py} with this source and returns its directory. */
    static Path write(Path directory, String source) throws IOException {
        Files.writeString(directory.resolve("app.py"), source);
        return directory;
    }

    /** An application with one path for each thing that tests ask of it. */
    static final String PATHS = """
            import os, sys, threading, time

            def app(environ, start_response):
                path = environ['PATH_INFO']
                if path == '/echo':
                    body = environ['wsgi.input'].read()
                    start_response('200 OK', [('Content-Type', 'application/octet-stream'),
                                              ('Content-Length', str(len(body)))])
                    return [body]
                if path == '/count':
                    total = 0
                    while chunk := environ['wsgi.input'].read(65536):
                        total += len(chunk)
                    return plain(start_response, str(total))
                if path == '/download':
                    size = int(environ['QUERY_STRING'])
                    start_response('200 OK', [('Content-Length', str(size))])
                    return blocks(size)
                if path == '/pid':
                    return plain(start_response, str(os.getpid()))
                if path == '/sleep':
                    print('sleeping', flush=True)
                    time.sleep(float(environ['QUERY_STRING']))
                    return plain(start_response, 'slept')
                if path == '/raise':
                    raise ValueError('a secret detail')
                if path == '/exit':
                    os._exit(3)
                if path == '/environ':
                    return plain(start_response, '\\n'.join(f'{k}={v}' for k, v in sorted(environ.items())))
                return plain(start_response, 'hello')

            def blocks(size):
                block = b'x' * 65536
                while size > 0:
                    yield block[:size]
                    size -= len(block)

            def plain(start_response, text):
                body = text.encode()
                start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
                return [body]
            """;
}
