using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Orders;

/// <summary>How every change of a service is carried out: planned, done, and waited for where that is wished.</summary>
internal static class Changing
{
    /// <param name="said">What people are told when it is accepted.</param>
    public static Task<int> Of(
        Session session, string name, ServiceChange change, ChangeOptions options, Func<ServiceView, string> said,
        CancellationToken cancel) =>
        Of(session, [(name, change)], options, said, cancel);

    /// <summary>Several one after the other, once it is known that none of them is refused as things are.</summary>
    public static async Task<int> Of(
        Session session, IReadOnlyList<(string Name, ServiceChange Change)> changes, ChangeOptions options,
        Func<ServiceView, string> said, CancellationToken cancel)
    {
        var terms = options.Terms(session);
        if (session.Get(options.DryRun))
        {
            foreach (var (name, change) in changes)
                Plans.Show(session.Results, name, await session.Client.Services.Plan(name, change, terms, cancel));
            return ExitCodes.Done;
        }

        if (changes.Count > 1)
        {
            foreach (var (name, change) in changes) await session.Client.Services.Plan(name, change, terms, cancel);
        }

        List<ServiceView> accepted = [];
        foreach (var (name, change) in changes)
        {
            var service = (await session.Client.Services.Change(name, change, terms, cancel)).Service;
            accepted.Add(service);
            if (!session.Get(options.Wait)) session.Results.Next(service, name, () => said(service));
            else session.Remark(said(service));
        }

        if (!session.Get(options.Wait)) return ExitCodes.Done;
        var code = ExitCodes.Done;
        foreach (var service in accepted)
        {
            var waited = await Waiting.Until(session, service.Name, Outlook.For(service), session.Get(options.Timeout), cancel);
            code = Math.Max(code, waited);
        }

        return code;
    }
}
