using System.Collections.Frozen;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>The words that engines and the Linux kernel know, so that none of them is refused only when a container is started.</summary>
internal static class EngineWords
{
    /// <summary>Without the <c>SIG</c> before them, as signal(7) names them.</summary>
    public static FrozenSet<string> Signals { get; } = Words(
        """
        ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU
        URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX
        """,
        [.. Enumerable.Range(1, 15).Select(it => $"RTMIN+{it}"), .. Enumerable.Range(1, 14).Select(it => $"RTMAX-{it}")]);

    /// <summary>Without the <c>CAP_</c> before them, as capabilities(7) names them.</summary>
    public static FrozenSet<string> Capabilities { get; } = Words(
        """
        ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID
        IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW
        PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO
        SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM
        """);

    public static FrozenSet<string> Ulimits { get; } = Words(
        "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack");

    /// <summary>Settings of the kernel that a container has for itself; besides them all that begins with <c>net.</c></summary>
    public static FrozenSet<string> Sysctls { get; } = Words(
        """
        kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni kernel.shm_rmid_forced
        fs.mqueue.msg_default fs.mqueue.msg_max fs.mqueue.msgsize_default fs.mqueue.msgsize_max fs.mqueue.queues_max
        """);

    /// <summary>What the log drivers take that every engine has.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> LogOptions { get; } = new Dictionary<string, FrozenSet<string>>
    {
        ["json-file"] = Words("max-size max-file compress labels labels-regex env env-regex tag"),
        ["local"] = Words("max-size max-file compress"),
        ["none"] = Words(""),
    }.ToFrozenDictionary();

    private static FrozenSet<string> Words(string words, params string[] more) => words
        .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Concat(more).ToFrozenSet(StringComparer.Ordinal);
}
