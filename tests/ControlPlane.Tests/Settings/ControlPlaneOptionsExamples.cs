using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Reconciliation;

namespace Orchestrator.ControlPlane.Tests.Settings;

public sealed class ControlPlaneOptionsExamples
{
    [Fact]
    public void Without_any_setting_a_master_listens_on_this_machine_alone()
    {
        var options = From();
        Assert.Equal((5000, "localhost", "http://localhost:5000"), (options.ApiPort, options.Listen, options.PublicUrl));
        Assert.Equal($"{Environment.MachineName.ToLowerInvariant()}-5000", options.MemberName);
    }

    [Fact]
    public void Each_setting_has_its_environment_variable()
    {
        var options = From(
            ("API_PORT", "5001"), ("APP_PORT", "5009"), ("LISTEN", "*"), ("MEMBER_NAME", "b"), ("PUBLIC_URL", "https://masters.example"),
            ("ALLOWED_HOSTS", "a.example, b.example"), ("API_TOKENS", "/etc/tokens"));
        Assert.Equal((5001, "*", "b", "https://masters.example"),
            (options.ApiPort, options.Listen, options.MemberName, options.PublicUrl));
        Assert.Equal((5009, "/etc/tokens"), (options.AppPort, options.ApiTokens));
        Assert.Equal(["a.example", "b.example"], options.AllowedHosts);
    }

    [Theory]
    [InlineData("30m", 30)]
    [InlineData("00:05:00", 5)]
    public void Backups_have_a_folder_an_interval_and_a_number(string interval, int minutes)
    {
        var options = From(("BACKUP_FOLDER", "/backups"), ("BACKUP_INTERVAL", interval), ("BACKUP_KEEP", "7"));
        Assert.Equal(
            ("/backups", TimeSpan.FromMinutes(minutes), 7), (options.BackupFolder, options.BackupInterval, options.BackupKeep));
        Assert.Equal((null, TimeSpan.FromHours(1), 48), (From().BackupFolder, From().BackupInterval, From().BackupKeep));
    }

    [Fact]
    public void The_name_and_the_address_follow_the_port()
    {
        var options = From(("API_PORT", "5007"));
        Assert.Equal(("-5007", "http://localhost:5007"), (options.MemberName[^5..], options.PublicUrl));
    }

    [Theory]
    [InlineData("API_PORT", "0", "ApiPort")]
    [InlineData("API_PORT", "65536", "ApiPort")]
    [InlineData("APP_PORT", "0", "AppPort")]
    [InlineData("APP_PORT", "65536", "AppPort")]
    [InlineData("APP_PORT", "5000", "API_PORT and APP_PORT are both 5000")]
    [InlineData("LISTEN", "", "Listen")]
    [InlineData("BACKUP_INTERVAL", "often", "BACKUP_INTERVAL: 'often' is no duration such as 1h or 01:00:00.")]
    [InlineData("BACKUP_INTERVAL", "9s", "BackupInterval")]
    [InlineData("BACKUP_KEEP", "0", "BackupKeep")]
    [InlineData("MEMBER_NAME", "", "MemberName")]
    [InlineData("PUBLIC_URL", "masters.example", "PublicUrl")]
    public void What_is_out_of_range_is_named(string variable, string value, string named) =>
        Assert.Contains(named, Assert.Throws<ValidationException>(() => From((variable, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("LISTEN", "*", "'*'")]
    [InlineData("LISTEN", "10.0.0.5", "'10.0.0.5'")]
    [InlineData("Kestrel:Endpoints:Https:Url", "https://*:5443", "'*'")]
    public void Where_others_reach_it_it_listens_only_with_tokens(string setting, string value, string named)
    {
        var refused = Assert.Throws<ValidationException>(() => From((setting, value)));
        Assert.StartsWith($"The API would listen at {named}, where others reach it", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(From((setting, value), ("API_TOKENS", "/etc/tokens")));
    }

    [Theory]
    [InlineData("LISTEN", "127.0.0.1")]
    [InlineData("LISTEN", "::1")]
    [InlineData("Kestrel:Endpoints:Https:Url", "https://localhost:5443")]
    public void Loopback_needs_no_tokens(string setting, string value) => Assert.Null(From((setting, value)).ApiTokens);

    [Fact]
    public void A_worker_is_suspect_before_it_is_lost_and_orders_are_repeated_before_that()
    {
        var options = new ControlPlaneOptions();
        Assert.True(StepsDue.RepeatAfter < options.Liveness.SuspectAfter);
        Assert.True(options.Liveness.SuspectAfter < options.Liveness.LostAfter);
        Assert.True(options.Liveness.LostAfter < options.Liveness.ForgottenAfter);
    }

    private static ControlPlaneOptions From(params (string Name, string Value)[] settings) => ControlPlaneOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(it => it.Name, it => (string?)it.Value)).Build());
}
