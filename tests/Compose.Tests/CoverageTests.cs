using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Tests;

/// <summary>No field of the specification is forgotten: each is known, is in a kept file, and stands in the table.</summary>
public sealed class CoverageTests
{
    private const string OfServices =
        """
        annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent
        cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop
        device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose extends external_links
        extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging mac_address mem_limit
        mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform
        ports post_start pre_start pre_stop privileged profiles provider pull_policy read_only restart runtime scale secrets security_opt
        shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts
        volumes volumes_from working_dir
        """;

    private const string OfDeploy = "endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config";
    private const string OfFiles = "version name include services models networks volumes secrets configs";

    public static TheoryData<string> Fields => [.. Words($"{OfServices} {OfDeploy} {OfFiles}").Distinct()];

    [Theory, MemberData(nameof(Fields))]
    public void Each_field_is_in_a_kept_file_and_in_the_table(string field)
    {
        var written = new Regex($@"(^|[\s{{,-])""?{field}""?:", RegexOptions.Multiline);
        var files = GoldenTests.Folders.Select(it => GoldenTests.FolderOf(it)).SelectMany(Yaml);
        Assert.Contains(files, it => written.IsMatch(File.ReadAllText(it)));
        if (field is "services") return;
        Assert.Matches($@"\|.*`(deploy\.)?{field}\b", File.ReadAllText(Path.Combine(GoldenTests.Repository, "docs", "compose.md")));
    }

    [Theory]
    [InlineData("", OfFiles)]
    [InlineData("services.*.", OfServices)]
    [InlineData("services.*.deploy.", OfDeploy)]
    public void None_is_taken_for_unknown(string at, string fields)
    {
        var unknown = GoldenTests.Folders.SelectMany(it => GoldenTests.Translate(it).Remarks)
            .Where(it => it.Happens.StartsWith("is no field", StringComparison.Ordinal)).Select(it => it.Field).ToHashSet();
        Assert.DoesNotContain(Words(fields), it => unknown.Contains($"{at}{it}"));
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Yaml(string folder) => Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories);
}
