using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Bed;

/// <summary>
/// A device of the hub that hands back every packet a little later, in order. It takes packets and not connections, so that those that are
/// open already are slow too; and it is our own, for many kernels have none that can do it.
/// </summary>
internal sealed partial class SlowLink : IDisposable
{
    private const string Device = "/dev/net/tun";
    private const uint SetInterface = 0x400454ca; // TUNSETIFF of <linux/if_tun.h>
    private const short PacketsAlone = 0x1001; // IFF_TUN | IFF_NO_PI
    private const int LongestPacket = 65_536;

    private readonly SafeFileHandle device;
    private readonly Channel<(DateTimeOffset Due, byte[] Packet)> held = Channel.CreateUnbounded<(DateTimeOffset, byte[])>();

    private SlowLink(SafeFileHandle device)
    {
        this.device = device;
        // It sits in the kernel until there is a packet, or the device is gone.
        new Thread(Take) { IsBackground = true, Name = "slow link" }.Start();
        _ = HandBack();
    }

    /// <summary>Of each packet, one way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Why links cannot be made slow here; none when they can.</summary>
    public static string? WhyNot() => File.Exists(Device) ? null : $"a slow link needs {Device}";

    /// <param name="hub">The namespace in which it appears, as <c>slow</c>.</param>
    public static async Task<SlowLink> Make(string hub) => new(await NamespaceSockets.Inside(hub, Open));

    public void Dispose()
    {
        held.Writer.TryComplete();
        device.Dispose();
    }

    private static SafeFileHandle Open()
    {
        var device = File.OpenHandle(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var request = new byte[40]; // struct ifreq: the name, then the flags
        Encoding.ASCII.GetBytes("slow", request);
        BitConverter.TryWriteBytes(request.AsSpan(16), PacketsAlone);
        return Control(device, SetInterface, ref request[0]) == 0 ? device : throw new Win32Exception();
    }

    private void Take()
    {
        var packet = new byte[LongestPacket];
        try
        {
            while (Read(device, ref packet[0], packet.Length) is > 0 and var length)
                held.Writer.TryWrite((Wall.Now + Delay, packet.AsSpan(0, (int)length).ToArray()));
        }
        catch (ObjectDisposedException)
        {
            // The bed is gone.
        }
    }

    private async Task HandBack()
    {
        await foreach (var (due, packet) in held.Reader.ReadAllAsync())
        {
            await Wall.WaitUntil(due);
            // What the kernel does not take is a packet lost.
            if (!device.IsClosed) Write(device, ref packet[0], packet.Length);
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle device, nuint what, ref byte request);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle device, ref byte packet, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle device, ref byte packet, nint length);
}
