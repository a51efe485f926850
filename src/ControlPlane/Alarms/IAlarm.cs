namespace Orchestrator.ControlPlane.Alarms;

/// <summary>
/// Services that should look again, now or at a time. What is lost with the process is found again by reminders and the sweep.
/// </summary>
internal interface IAlarm
{
    /// <summary>Now; a service that is asked already is not asked twice.</summary>
    void Now(IEnumerable<string> services, string why);

    /// <summary>At a time; replaces what was set for the service before, null cancels it.</summary>
    void At(string service, DateTimeOffset? time);

    /// <summary>At a time, unless the service is to be asked earlier anyway.</summary>
    void NoLaterThan(string service, DateTimeOffset time);
}
