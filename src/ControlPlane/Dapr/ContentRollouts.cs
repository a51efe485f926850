using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Rolls the services that follow to new versions of secrets and configs: at once where a version is set, and now and then on every master,
/// in case the one that was asked has died. A service takes each version once.
/// </summary>
internal sealed partial class ContentRollouts(
    ContentStore contents, ServiceLines lines, ActorCalls actors, ControlPlaneOptions options, TimeProvider clock,
    ILogger<ContentRollouts> log)
    : ILoop
{
    private const int AtATime = 16;
    private const int EverySweeps = 6;

    private ContentRecord? handled;

    /// <summary>Tells the services that follow; those that do not answer are told by a later round.</summary>
    /// <returns>By name, those that were told.</returns>
    public async Task<ValueList<string>> Roll(
        IEnumerable<ServiceSummary> services, ContentRecord known, string who, CancellationToken cancel)
    {
        var behind = services.Where(it => !it.Withdrawing && it.Uses.Any(use => IsBehind(use, known))).Select(it => it.Name).ToList();
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForEachAsync(behind, atATime, async (name, stop) =>
        {
            try
            {
                var change = new TakeNewContent { Who = who };
                await actors.Service(name, it => it.Change(new($"content-{Guid.CreateVersion7():n}", change)), stop);
            }
            catch (Exception e) when (e is NoAnswerException or UnreadableServiceException or ActorDefectException)
            {
                LogNotTold(name, e.Message);
            }
        });
        return behind.ToValueList();
    }

    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(options.SweepEvery * EverySweeps, clock, cancel);
            try
            {
                await Look(cancel);
            }
            catch (Exception e) when (e is NoAnswerException or StoreTroubleException or UnreadableRecordException)
            {
                LogLater(e.Message);
            }
        }
    }

    /// <summary>While nobody was behind and nothing is new, nobody is looked at.</summary>
    private async Task Look(CancellationToken cancel)
    {
        var known = await contents.Current();
        if (known == handled) return;
        var behind = known.Secrets.Count + known.Configs.Count == 0 ? [] : await Roll(await lines.All(cancel), known, "", cancel);
        handled = behind.Count == 0 ? known : null;
    }

    private static bool IsBehind(UsedContent use, ContentRecord known) =>
        use is { InForce: true, Follows: true } && known.Find(use.Kind, use.Name)?.Newest > use.Offered;

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not be told of new secrets or configs, it is told later: {Error}")]
    private partial void LogNotTold(string service, string error);

    [LoggerMessage(LogLevel.Information, "Which services are behind with secrets and configs is looked at later: {Error}")]
    private partial void LogLater(string error);
}
