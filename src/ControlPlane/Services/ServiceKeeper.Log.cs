namespace Orchestrator.ControlPlane.Services;

internal sealed partial class ServiceKeeper
{
    [LoggerMessage(LogLevel.Information, "Service {Service}: {Change} by {Who}")]
    private partial void LogChange(string service, string change, string who);

    [LoggerMessage(LogLevel.Information, "ServiceMaster {Service} is active here, epoch {Epoch}")]
    private partial void LogActivated(string service, long epoch);

    [LoggerMessage(LogLevel.Warning, "ServiceMaster {Service} overtakes epoch {Known}, which its record did not know, with {Epoch}")]
    private partial void LogOvertook(string service, long known, long epoch);

    [LoggerMessage(LogLevel.Warning, "{Worker} has {Count} instances of {Service}, which has no record; nothing is ordered")]
    private partial void LogUnclaimed(string worker, string service, int count);

    [LoggerMessage(LogLevel.Error, "Service {Service} does not settle: {What}")]
    private partial void LogUnsettled(string service, string what);

    [LoggerMessage(LogLevel.Warning, "Service {Service} waits for room but could not tell the registry: {Error}")]
    private partial void LogNotWoken(string service, string error);

    [LoggerMessage(LogLevel.Warning, "The directory does not know yet who looks after service {Service} now: {Error}")]
    private partial void LogNotListed(string service, string error);
}
