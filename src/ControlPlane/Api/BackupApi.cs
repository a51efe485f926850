using Microsoft.AspNetCore.Mvc;
using Orchestrator.Contracts.Backups;
using Orchestrator.ControlPlane.Backups;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>All that is decided as one document, and back again.</summary>
internal static class BackupApi
{
    /// <summary>Thousands of services with their histories.</summary>
    private const int MaxBytes = 32 << 20;

    public static IEndpointRouteBuilder MapBackups(this IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("").WithTags("Backup");
        backups.MapGet("/backup", Save).AlsoHead().As(new("GetBackup", "All that is decided, as one document; secrets in specs too")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(Backup), "The document.")],
        });
        backups.MapPut("/restore", Restore).WithMetadata(new RequestSizeLimitAttribute(MaxBytes + 1))
            .As(new("Restore", "Put back what a backup holds; what runs of it goes on")
            {
                Body = new(typeof(Backup)),
                Answers =
                [
                    new(StatusCodes.Status200OK, typeof(RestoreAnswer), "What became of each thing."),
                    new(StatusCodes.Status200OK, typeof(RestoreAnswer), "A dry run: what would.", "dryRun"),
                ],
            });
        return routes;
    }

    private static async Task<IResult> Save(BackupKeeper backups, CancellationToken cancel) =>
        TypedResults.Ok(await backups.Save(cancel));

    private static async Task<IResult> Restore(
        HttpRequest request, BackupKeeper backups, CancellationToken cancel, bool dryRun = false, bool replace = false, string? why = null)
    {
        var (backup, refusal) = await RequestBody.Read<Backup>(request, cancel, MaxBytes);
        if (refusal is not null) return refusal;
        if (backups.Problems(backup!).ToList() is { Count: > 0 } problems) return Problems.Invalid(problems);
        var wish = new RestoreWish(dryRun, replace, ServiceCalls.Who(request), why ?? "");
        return TypedResults.Ok(await backups.Restore(backup!, wish, cancel));
    }
}
