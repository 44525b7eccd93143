/** The program: command line, commands, and the assembly of all the parts. */
package io.juwsgi.cli;
