package io.juwsgi.plugin.cgi;

import java.nio.file.Path;

/**
 * A script that answers a request.
 *
 * @param file its path; links were followed and lead to a place where scripts may be
 * @param name SCRIPT_NAME: the part of the request's path that leads to it
 * @param pathInfo PATH_INFO: the part behind it
 * @param root DOCUMENT_ROOT: the directory of scripts
 */
record Script(Path file, String name, String pathInfo, Path root) {}
