using LocalDapr.Launch;
using LocalDapr.Server;

SocketThreads.Keep();
var clock = TimeProvider.System;
var commands = Commands.Root((file, folder, output) => LocalDaprSidecars.StartAsync(file, folder, output, clock), clock);
// A run ends its apps in order when a signal comes; a deadline of the parser's would cut that short.
return await commands.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
