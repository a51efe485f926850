using Orchestrator.ControlPlane.Content;

namespace Orchestrator.ControlPlane.Tests.Content;

public sealed class KeyRingExamples : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("orchestrator-keys-").FullName, "keys");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void Masters_with_the_same_folder_open_what_each_has_closed_and_others_cannot()
    {
        var first = new KeyRing(folder);
        // Two that begin at the same time make a key each, and one learns of the other's.
        var second = new KeyRing(folder);
        Assert.Equal("hunter2"u8.ToArray(), second.Open(first.Close("hunter2"u8.ToArray())));
        Assert.Equal("hunter2"u8.ToArray(), first.Open(second.Close("hunter2"u8.ToArray())));
        var closed = first.Close("hunter2"u8.ToArray());
        Assert.NotEqual(closed, first.Close("hunter2"u8.ToArray()));

        var stranger = new KeyRing($"{folder}-other");
        var missing = Assert.Throws<ContentMissingException>(() => stranger.Open(closed));
        Assert.Equal($"it was encrypted with a key that is not in SECRET_KEYS ({folder}-other) of this master", missing.Message);
    }

    [Fact]
    public void A_folder_into_which_others_may_look_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead;
        Directory.CreateDirectory(folder, open);
        var refused = Assert.Throws<ContentMissingException>(() => new KeyRing(folder).Close([1]));
        Assert.Equal($"others may look into SECRET_KEYS ({folder}); chmod 700 it", refused.Message);
    }
}
