namespace Orchestrator.Cli.Orders;

/// <summary>Questions before what cannot be taken back.</summary>
internal static class Asking
{
    /// <summary>Goes on only when somebody says yes, on the command line or now.</summary>
    public static void Sure(Session session, bool yes, string question)
    {
        if (yes) return;
        if (!session.Around.MayAsk)
            throw CliException.Usage($"{question} nobody is there to be asked", "say so with --yes, or look first with --dry-run");
        session.Error.Writer.Write($"{question} [y/N] ");
        session.Error.Writer.Flush();
        var answer = session.Around.In.ReadLine()?.Trim();
        if (answer is not ("y" or "Y" or "yes" or "Yes")) throw new CliException(ExitCodes.Failed, "nothing was done");
    }
}
