/**
 * What the server relies on in plugins, as tests to be inherited, one class for each kind of extension. A test of one's own
 * extends it and says which plugin with which options is meant.
 */
package io.juwsgi.testkit.contract;
