using Belay.MongoStandIn;

// The first word says whose place is taken; see README.md.
return args switch
{
    ["mongod", .. var words] => await Mongod.RunAsync(ToolOptions.Parse(words)),
    ["mongodump", .. var words] => await Mongodump.RunAsync(ToolOptions.Parse(words)),
    ["mongorestore", .. var words] => await Mongorestore.RunAsync(ToolOptions.Parse(words)),
    ["migrate", .. var words] => await Runner.MigrateAsync(ToolOptions.Parse(words)),
    ["write", .. var words] => await Runner.WriteAsync(ToolOptions.Parse(words)),
    _ => ToolOptions.Fail("say mongod, mongodump, mongorestore, migrate or write"),
};
