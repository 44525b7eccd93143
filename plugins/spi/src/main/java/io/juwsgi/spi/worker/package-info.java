/**
 * Application processes: how a language starts them ({@link io.juwsgi.spi.worker.ApplicationLanguage}), and the live
 * ones as the data plane sees them ({@link io.juwsgi.spi.worker.WorkerGroup}).
 */
package io.juwsgi.spi.worker;
