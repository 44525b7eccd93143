package io.juwsgi.processes.daemon;

import io.juwsgi.config.Settings;
import io.juwsgi.processes.Bond;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.processes.ProcessLoop;
import io.juwsgi.processes.Shell;
import io.juwsgi.processes.Surroundings;
import java.util.List;
import java.util.Optional;

/** All attached programs. Owned by the loop's thread once that runs. */
public final class Daemons implements ProcessLoop.Part {
    private final List<Attachment> attachments;

    Daemons(List<Attachment> attachments) {
        this.attachments = attachments;
    }

    /**
     * Returns the programs that the settings attach, if there are any.
     *
     * @param stopServer called on the loop's thread when a program ends without which the server must not run
     * @throws io.juwsgi.config.ConfigException when an option cannot be read
     */
    public static Optional<Daemons> of(Settings settings, Surroundings surroundings, Runnable stopServer) {
        boolean honourInput = settings.get(DaemonOptions.HONOUR_STDIN);
        List<Attachment> attachments = DaemonOptions.plans(settings).stream()
                .map(plan -> attachment(plan, honourInput, surroundings, stopServer))
                .toList();
        return attachments.isEmpty() ? Optional.empty() : Optional.of(new Daemons(attachments));
    }

    static Attachment attachment(DaemonPlan plan, boolean honourInput, Surroundings surroundings, Runnable stopServer) {
        Bond bond = plan.pidfile().isPresent() ? Bond.DETACHED : Bond.tied(plan.stopSignal());
        ChildCommand command = shell(plan, surroundings.shell()).command(plan.command(), bond);
        if (honourInput || plan.inheritsInput()) {
            command = command.withInheritedInput();
        }
        return plan.pidfile().isPresent()
                ? new SmartDaemon(plan, plan.pidfile().get(), command, surroundings)
                : new TiedDaemon(plan, command, surroundings, stopServer);
    }

    private static Shell shell(DaemonPlan plan, Shell shell) {
        Shell where = plan.directory().map(shell::in).orElse(shell);
        return plan.uid().isPresent() || plan.gid().isPresent()
                ? where.as(Shell.identity(plan.uid(), plan.gid(), List.of()))
                : where;
    }

    /** Tells those that want to hear of it that the server reloads. */
    public void reload() {
        attachments.forEach(Attachment::reload);
    }

    @Override
    public void settle(long now) {
        attachments.forEach(attachment -> attachment.settle(now));
    }

    @Override
    public void stop(long now) {
        attachments.forEach(attachment -> attachment.stop(now));
    }

    @Override
    public boolean isOver() {
        return attachments.stream().allMatch(Attachment::isOver);
    }

    @Override
    public long nanosToDeadline(long now) {
        return attachments.stream()
                .mapToLong(attachment -> attachment.nanosToDeadline(now))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
