using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;
using Orchestrator.Contracts.Exec;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Exec;

/// <summary>Docker's exec.</summary>
internal sealed class DockerExec(WorkerAgentOptions options, EngineHttp engine, TimeProvider clock) : IEngineExec, IDisposable
{
    private readonly DockerClient docker =
        new DockerClientBuilder().WithEndpoint(new Uri(options.DockerHost)).WithTimeout(Timeout.InfiniteTimeSpan).Build();

    public async Task<IRunningExec> Start(string container, ExecStart start, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.EngineDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var made = await docker.Exec.CreateContainerExecAsync(container, new()
            {
                Cmd = [.. start.Command], AttachStdin = true, AttachStdout = true, AttachStderr = true, TTY = start.Terminal,
                User = start.User!, WorkingDir = start.WorkingDir!,
            }, deadline.Token);
            var stream = await docker.Exec.StartContainerExecAsync(made.ID, new() { TTY = start.Terminal }, deadline.Token);
            var running = new Running(docker, engine, made.ID, stream, options.EngineIsHere);
            // A terminal has a size once its program runs.
            if (start.Terminal) await running.Resize(start.Columns, start.Rows, deadline.Token);
            return running;
        }
        catch (DockerApiException e)
        {
            throw EngineFaults.Of(e.StatusCode, e.ResponseBody, e);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new EngineException(EngineFault.Silent, "the engine has not begun the program in time", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw EngineFaults.Away(options.DockerHost, e);
        }
    }

    public void Dispose() => docker.Dispose();

    private sealed class Running(DockerClient docker, EngineHttp engine, string id, MultiplexedStream stream, bool isHere) : IRunningExec
    {
        public async Task<(int Count, bool IsError)> Read(byte[] buffer, CancellationToken cancel)
        {
            var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancel);
            return (read.EOF ? 0 : read.Count, read.Target == MultiplexedStream.TargetStream.StandardError);
        }

        public Task Write(byte[] bytes, CancellationToken cancel) => stream.WriteAsync(bytes, 0, bytes.Length, cancel);

        public void EndInput() => stream.CloseWrite();

        public async Task Resize(int columns, int rows, CancellationToken cancel)
        {
            try
            {
                await engine.Post(string.Create(CultureInfo.InvariantCulture, $"exec/{id}/resize?w={columns}&h={rows}"), cancel);
            }
            catch (EngineException)
            {
                // It has ended meanwhile.
            }
        }

        public async Task<int> ExitCode(CancellationToken cancel) =>
            (int)((await docker.Exec.InspectContainerExecAsync(id, cancel)).ExitCode ?? -1);

        /// <summary>The engine has no call that ends it: its process is killed where this machine is that of the engine.</summary>
        public async ValueTask DisposeAsync()
        {
            try
            {
                var seen = await docker.Exec.InspectContainerExecAsync(id);
                if (seen.Running && isHere && seen.Pid > 0) Process.GetProcessById((int)seen.Pid).Kill();
            }
            catch (Exception e) when (e is DockerApiException or HttpRequestException or ArgumentException or InvalidOperationException
                or System.ComponentModel.Win32Exception)
            {
                // It has ended, or is not ours to end: it ends when it reads or writes.
            }

            stream.Dispose();
        }
    }
}
