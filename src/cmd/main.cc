// The one binary: dispatches to the subcommands.
int main() { return 0; }
