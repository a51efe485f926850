using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor that lists services; the <see cref="DirectoryKeeper"/> does the work.</summary>
internal sealed class ServiceDirectory : MeasuredActor, IServiceDirectory, IRemindable
{
    private const string LookAgainReminder = "look-again";

    private readonly DirectoryKeeper keeper;

    public ServiceDirectory(
        ActorHost host, DaprClient dapr, StoreHealth health, IAlarm alarm, ControlPlaneOptions options, ControlPlaneMetrics metrics,
        TimeProvider clock, ILogger<DirectoryKeeper> log)
        : base(host, metrics, clock)
    {
        var record = new StoredRecord<DirectoryRecord>(dapr, $"services-{host.Id.GetId()}", health, clock, metrics);
        var reminder = new Reminder("the directory", every => RegisterReminderAsync(LookAgainReminder, [], every, every), clock, log);
        keeper = new DirectoryKeeper(record, reminder, alarm, options, clock);
    }

    public Task<ValueList<string>> Names() => keeper.Names();

    public Task<DirectoryPage> List(DirectoryQuestion question) => keeper.List(question);

    public Task<DirectoryAnswer> Tell(DirectoryNews news) => keeper.Tell(news);

    public Task<DirectoryAnswer> Round(DirectoryRound round) => keeper.Round(round);

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) => keeper.LookAgain();
}
