/**
 * The Python plugin. {@link io.juwsgi.plugin.python.PythonLanguage} puts the parts together: which interpreter, which
 * application, where the Python package lies, and what the zygote is told.
 */
package io.juwsgi.plugin.python;
