using LocalDapr.Launch;
using LocalDapr.Server;

SocketThreads.Keep();
var clock = TimeProvider.System;
var commands = Commands.Root((file, folder, output) => LocalDaprSidecars.StartAsync(file, folder, output, clock), clock);
var parsed = commands.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

// A run ends its apps in order when a signal comes; a deadline of the parser's would cut that short.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
