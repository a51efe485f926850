using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.ControlPlane.Backups;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Backups;

public sealed class BackupFolderExamples : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string path = Path.Combine(Path.GetTempPath(), $"backups-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    [Fact]
    public void The_newest_few_are_kept_and_what_is_not_a_backup_is_not_touched()
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "notes.txt"), "mine");
        var folder = new BackupFolder(path, keep: 2);
        for (var hour = 0; hour < 4; hour++) folder.Write(At(hour));
        Assert.Equal(["backup-20260101T140000Z.json", "backup-20260101T150000Z.json", "notes.txt"], Files());
        var newest = Path.Combine(path, "backup-20260101T150000Z.json");
        Assert.Equal(At(3), JsonSerializer.Deserialize<Backup>(File.ReadAllBytes(newest), ContractsJson.Options));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(newest));
    }

    [Fact]
    public void One_that_cannot_be_written_leaves_nothing_and_takes_nothing_away()
    {
        var folder = new BackupFolder(path, keep: 1);
        folder.Write(At(0));
        // In its place stands what a file cannot replace.
        Directory.CreateDirectory(Path.Combine(path, "backup-20260101T130000Z.json", "in the way"));
        Assert.ThrowsAny<Exception>(() => folder.Write(At(1)));
        Assert.Equal(["backup-20260101T120000Z.json", "backup-20260101T130000Z.json"], Files());
    }

    [Fact]
    public async Task On_a_schedule_one_master_makes_it_and_what_failed_is_tried_again()
    {
        await using var api = new ControlPlaneOverHttp(("BACKUP_FOLDER", path), ("BACKUP_INTERVAL", "00:30:00"));
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var failed = 0;
        api.Store.Before = what => what == "read" && failed++ < 3 ? throw new global::Dapr.DaprException("no store") : Task.CompletedTask;
        await api.Clock.PassUntil(
            TimeSpan.FromSeconds(5), () => Directory.Exists(path) ? Files().Length : 0, count => count == 1, "a backup");
        var backup = JsonSerializer.Deserialize<Backup>(File.ReadAllBytes(Path.Combine(path, Files()[0])), ContractsJson.Options)!;
        Assert.Equal(["web"], backup.Parts[0].Items.Select(it => it.Name));
        Assert.True(failed > 3, $"it was tried once, with {failed} reads");

        var calls = api.Services.GetRequiredService<ActorCalls>();
        Task<bool> Another() => calls.Registry(it => it.TakeBackup(TimeSpan.FromMinutes(30)), TestContext.Current.CancellationToken);
        Assert.False(await Another());
        await calls.Registry(it => it.BackupFailed(), TestContext.Current.CancellationToken);
        Assert.True(await Another());
        Assert.False(await Another());
    }

    private static Backup At(int hour) => new(1, [new BackupPart("services", 1, [])], Noon.AddHours(hour), "master-a");

    private string[] Files() => [.. Directory.GetFileSystemEntries(path).Select(it => Path.GetFileName(it)!).Order(StringComparer.Ordinal)];
}
