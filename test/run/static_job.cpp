// SPDX-License-Identifier: Apache-2.0
// A program without a dynamic loader: nothing can be injected into it.
int main() { return 9; }
