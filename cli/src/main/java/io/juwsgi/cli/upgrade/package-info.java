/**
 * The replacement of this program by another process without a lost connection: {@link io.juwsgi.cli.upgrade.Upgrade} in
 * the old process, {@link io.juwsgi.cli.upgrade.Predecessor} in the new one. See docs/process-model.md.
 */
package io.juwsgi.cli.upgrade;
